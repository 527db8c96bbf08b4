-- Known wrong answer: a service that does not exist in a Region counts as missing there.
select fixture.organization();
select fixture.ou('/Security');
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.account('333333333333', 'Shop', '/Workloads');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{/}');
select fixture.guardduty('222222222222', '{us-east-1}');
update aws_delegation_services set service_regions = '["us-east-1"]' where service_id = 'guardduty';
select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'eu-central-1', code => 'ServiceNotInRegion');
