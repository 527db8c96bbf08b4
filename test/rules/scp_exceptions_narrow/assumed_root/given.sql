-- A session of the management account for one task of root.
select fixture.organization();
select fixture.scp('p-guard', '[{"Sid": "Guard", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:AssumedRoot": "true"}}}]', '{/}');
