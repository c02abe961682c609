"""What every work of `make bench` needs: tables of figures, their record and page, programs, the settings of a run."""
