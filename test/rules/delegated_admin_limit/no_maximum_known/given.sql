select fixture.organization();
select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('222222222222', 'new.amazonaws.com');
-- Nor has the delegation policy one.
select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy');
