select fixture.organization();
select fixture.trail('own', '{"is_organization_trail": false}');
