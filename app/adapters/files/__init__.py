"""Files a person may read and edit: blueprints and settings."""
