select fixture.organization();
update aws_organizations set master_account_id = null;
