select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.guardduty('999999999999', '{us-east-1}');
