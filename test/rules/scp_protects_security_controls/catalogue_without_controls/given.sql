select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
delete from aws_delegation_services where service_id <> 'backup';
