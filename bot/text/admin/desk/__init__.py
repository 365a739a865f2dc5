"""Texts and keyboards of the admins' order desk."""
