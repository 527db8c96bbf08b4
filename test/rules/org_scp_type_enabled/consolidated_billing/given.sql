select fixture.organization('CONSOLIDATED_BILLING', null);
