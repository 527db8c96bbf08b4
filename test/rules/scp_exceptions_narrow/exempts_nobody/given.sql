select fixture.organization();
select fixture.scp('p-guard', '[{"Sid": "Guard", "Effect": "Deny", "Action": "guardduty:*", "Resource": "*"}]', '{/}');
