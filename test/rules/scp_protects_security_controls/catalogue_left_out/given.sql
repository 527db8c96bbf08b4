select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
delete from aws_delegation_services;
select fixture.read('aws_delegation_services', 'skipped');
