select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.account('333333333333', 'Detection');
select fixture.account('444444444444', 'Network');
select fixture.trusted('guardduty.amazonaws.com'), fixture.trusted('config.amazonaws.com'), fixture.trusted('macie.amazonaws.com');
select fixture.owner('infosec', 'account', '222222222222'), fixture.owner('detection', 'account', '333333333333'), fixture.owner('network', 'account', '444444444444');
-- Not infosec, whatever the catalogue recommends.
select fixture.expectation('guardduty', 'detection'), fixture.expectation('guardduty', 'network');
select fixture.delegated('333333333333', 'guardduty.amazonaws.com');
select fixture.guardduty('333333333333', '{eu-central-1}');
select fixture.guardduty('222222222222', '{us-east-1}');
-- Of Config the spec says nothing.
select fixture.delegated('222222222222', 'config.amazonaws.com');
-- Infosec held it, and the spec wants somebody else.
select fixture.expectation('organizations-delegation-policy', 'network');
select fixture.statement(0, 'Allow', '222222222222', 'organizations:AttachPolicy');
