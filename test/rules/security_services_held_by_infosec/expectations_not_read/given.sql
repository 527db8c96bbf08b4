select fixture.organization();
select fixture.account('222222222222', 'Security Tooling');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.owner('infosec', 'account', '222222222222');
select fixture.delegated('222222222222', 'guardduty.amazonaws.com');
select fixture.guardduty('222222222222');
-- What was left out may have named another owner.
select fixture.read('aws_delegation_expectations', 'skipped', message => 'not among the tables of the spec');
