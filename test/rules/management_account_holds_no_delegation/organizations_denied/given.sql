-- What Organizations refuses is no gap.
select fixture.organization();
select fixture.read('aws_organizations_delegated_administrators', 'denied');
select fixture.read('aws_organizations_delegated_services', 'denied');
