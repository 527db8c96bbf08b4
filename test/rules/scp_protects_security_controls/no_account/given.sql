select fixture.organization();
select fixture.trusted('guardduty.amazonaws.com');
delete from aws_organizations_accounts;
