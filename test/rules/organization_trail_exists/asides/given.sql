select fixture.organization();
select fixture.trail('organization', '{"has_custom_event_selectors": true, "latest_delivery_error": "AccessDenied"}');
