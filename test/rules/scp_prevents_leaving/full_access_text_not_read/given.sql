-- p-FullAWSAccess is AWS's own and allows everything, also where nobody read its text.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
update aws_organizations_policies set content = null, content_text = null where id = 'p-FullAWSAccess';
