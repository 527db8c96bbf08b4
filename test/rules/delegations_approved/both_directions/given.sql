select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('333333333333', 'config.amazonaws.com');
select fixture.approval('config', '222222222222'), fixture.approval('backup', '222222222222', 'organizations');
