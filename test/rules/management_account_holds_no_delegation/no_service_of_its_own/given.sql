select fixture.organization();
delete from aws_delegation_services where service_id in ('guardduty', 'macie');
