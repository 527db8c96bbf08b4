-- Three days are fine, and a minute more is not.
select fixture.organization();
select fixture.invitation('h-edge', '3 days'), fixture.invitation('h-over', '3 days 1 minute', '{"state": "REQUESTED"}');
