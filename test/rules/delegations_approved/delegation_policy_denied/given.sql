select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.read('aws_organization_resource_policies', 'denied');
select fixture.approval('organizations-delegation-policy', '222222222222');
