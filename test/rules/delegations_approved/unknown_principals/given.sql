select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'new.amazonaws.com'), fixture.delegated('222222222222', 'newer.amazonaws.com');
select fixture.approval('newer.amazonaws.com', '222222222222'), fixture.approval('newest.amazonaws.com', '222222222222');
