select fixture.organization('ALL', 'PENDING_DISABLE');
