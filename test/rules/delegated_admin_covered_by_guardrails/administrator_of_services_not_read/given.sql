-- Which services it administers was not read; that it does, was.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/Workloads}');
select fixture.delegated_administrator('222222222222'), fixture.delegated_administrator('333333333333');
select fixture.delegated('333333333333', 'backup.amazonaws.com');
select fixture.read('aws_organizations_delegated_services', 'denied', scope => '222222222222');
