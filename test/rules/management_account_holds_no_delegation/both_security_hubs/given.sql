-- Two designations in one table: one by Region, one for the organization.
select fixture.organization();
select fixture.both_security_hubs_asked();
select fixture.security_hub('111111111111', '{us-east-1}');
