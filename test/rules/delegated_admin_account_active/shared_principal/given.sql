-- Known wrong answer: one principal that stands for two services counts twice.
select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
select fixture.delegated('222222222222', 'securityhub.amazonaws.com'), fixture.delegated('222222222222', 'new.amazonaws.com');
