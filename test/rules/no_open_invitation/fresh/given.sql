select fixture.organization();
select fixture.invitation('h-new', '5 hours');
