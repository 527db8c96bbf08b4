select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.delegated('222222222222', 'malware-protection.guardduty.amazonaws.com');
select fixture.guardduty('222222222222');
