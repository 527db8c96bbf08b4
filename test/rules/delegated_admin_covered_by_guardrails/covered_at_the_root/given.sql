select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');
