select fixture.organization();
