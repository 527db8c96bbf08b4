select fixture.organization();
select fixture.trusted('iam.amazonaws.com');
