-- As long as it is named it is told, with its status.
select fixture.organization();
select fixture.guardduty('111111111111', '{eu-central-1}', 'DISABLE_IN_PROGRESS');
