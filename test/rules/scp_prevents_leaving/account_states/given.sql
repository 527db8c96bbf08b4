select fixture.organization();
select fixture.account('222222222222', 'Closing', '/', 'PENDING_CLOSURE');
select fixture.account('333333333333', 'Suspended', '/', 'SUSPENDED');
select fixture.account('444444444444', 'Closed', '/', 'CLOSED');
select fixture.account('555555555555', 'Newborn', '/', 'PENDING_ACTIVATION');
select fixture.account('666666666666', 'Future', '/', 'QUARANTINED');
select fixture.account('777777777777', 'Old server', '/', null);
update aws_organizations_accounts set status = 'ACTIVE' where id = '777777777777';
