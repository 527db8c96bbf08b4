select fixture.organization();
select fixture.ou('/Security');
select fixture.account('222222222222', 'Security Tooling', '/Security');
-- Macie could be asked itself, and here it is not: that matters where it has trusted access.
select fixture.trusted('macie.amazonaws.com');
