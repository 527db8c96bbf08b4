-- Nobody can say whom such a text lets do something, so the sync asked no history but that of the management account.
select fixture.organization();
select fixture.settings('{"has_approvals": true}');
select fixture.resource_policy(content => '{"Statement": [{"Effect": "Allow", "effect": "Deny"}]}');
