-- AWS did not say whose trail it is: it may be the one.
select fixture.organization();
select fixture.trail('whose', '{"is_organization_trail": null}');
