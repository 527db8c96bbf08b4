select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.read('aws_organizations_delegated_administrators', 'denied');
select fixture.delegated('222222222222', 'config.amazonaws.com');
select fixture.approval('security-hub-cspm', '222222222222', 'organizations');
