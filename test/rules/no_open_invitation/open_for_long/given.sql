select fixture.organization();
select fixture.invitation('h-old', '4 days');
