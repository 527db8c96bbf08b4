-- No row for a member: nothing is there to be protected.
select fixture.organization();
select fixture.account('222222222222', 'Shop');
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": ["guardduty:*"], "Resource": "*"}]', '{/}');
