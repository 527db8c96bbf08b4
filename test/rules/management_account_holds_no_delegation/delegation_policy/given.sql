-- The management account has these powers anyway.
select fixture.organization();
select fixture.statement(1, 'Allow', '111111111111', 'organizations:AttachPolicy');
