select fixture.organization();
select fixture.invitation('h-when', '9 days', '{"requested_timestamp": null}'),
    fixture.invitation('h-state', '9 days', '{"state": null, "parties": null, "expiration_timestamp": null}');
