-- It says where the guardrail holds; the rules about members judge that.
select fixture.organization();
select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "guardduty:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ["222222222222"]}}}]', '{/}');
