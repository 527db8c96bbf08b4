-- Known wrong answer: one principal that stands for two services counts twice.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Network');
select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
select fixture.approval('security-hub-cspm', '222222222222');
