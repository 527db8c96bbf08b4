-- AWS answered, and with a text of which no statement could be listed: it may grant anything.
select fixture.organization();
select fixture.resource_policy('rp-example1', 'no JSON');
