select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.trusted('guardduty.amazonaws.com');
delete from aws_organizations_policies;
select fixture.read('aws_organizations_policies', 'denied');
