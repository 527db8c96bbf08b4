-- A condition on the account voids the guardrail for the others.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.account('333333333333', 'Lab');
select fixture.trusted('guardduty.amazonaws.com');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalAccount": "222222222222"}}}]', '{/}');
