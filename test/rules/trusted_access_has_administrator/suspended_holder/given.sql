-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.account('222222222222', 'Security Tooling'), fixture.account('333333333333', 'Audit');
select fixture.account('444444444444', 'Suspended', '/', 'SUSPENDED');
select fixture.trusted('config.amazonaws.com'), fixture.trusted('macie.amazonaws.com'), fixture.trusted('backup.amazonaws.com');
select fixture.delegated('444444444444', 'config.amazonaws.com');
-- Known wrong answer: with several administrators only the last is judged.
select fixture.delegated('444444444444', 'macie.amazonaws.com'), fixture.delegated('222222222222', 'macie.amazonaws.com');
-- Nor does one of another organization.
select fixture.delegated('999999999999', 'backup.amazonaws.com');
