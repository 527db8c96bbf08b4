select fixture.organization('ALL', 'PENDING_ENABLE');
