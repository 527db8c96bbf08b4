select fixture.organization();
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
select fixture.account('222222222222', 'Closing', '/', 'PENDING_CLOSURE'), fixture.account('333333333333', 'Suspended', '/', 'SUSPENDED'),
    fixture.account('444444444444', 'Closed', '/', 'CLOSED'), fixture.account('555555555555', 'New', '/', 'SLEEPING');
