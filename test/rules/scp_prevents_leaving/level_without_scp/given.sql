select fixture.organization();
select fixture.ou('/Workloads');
select fixture.account('222222222222', 'Shop', '/Workloads');
delete from aws_organizations_policy_targets where target_id = 'ou-root-workloads';
