select fixture.organization();
select fixture.trail('organization');
