select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop');
-- No account of the organization.
select fixture.guardduty('222222222222', '{us-east-1}');
select fixture.guardduty('999999999999', '{eu-central-1}');
